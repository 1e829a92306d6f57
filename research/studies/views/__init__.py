"""Pages of studies: the public record, finding, editing, the researcher's desk, the bureau's reviews."""
