"""What innovations look like on paper: the overview of the portfolio and the agenda of a steering group."""

from academy.core.pdf import Press

press = Press(stylesheet="innovations/paper.css")
