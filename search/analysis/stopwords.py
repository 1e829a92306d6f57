"""Words that carry no subject: left out of a query when other words remain; always kept in the index."""

# fmt: off
DUTCH = (
    "de", "het", "een", "en", "van", "in", "op", "te", "dat", "die", "voor", "met", "is", "aan", "bij", "of", "om",
    "als", "door", "over", "ook", "niet", "naar", "uit", "er", "maar", "dan", "nog", "wel", "zijn", "was", "wordt",
    "worden", "je", "jij", "we", "wij", "ik", "hij", "zij", "ze", "mijn", "jouw", "onze", "hun", "dit", "deze", "hoe",
    "wat", "waar", "wie", "welke", "tot", "tegen",
)
ENGLISH = (
    "the", "a", "an", "and", "of", "in", "on", "to", "that", "this", "for", "with", "is", "are", "at", "by", "or",
    "as", "from", "it", "be", "was", "were", "about", "how", "what", "which", "who", "my", "our", "your", "their",
    "into",
)
#: what questions are made of besides: people who ask "Loopt er al …?" or "Innovaties met …?" look for neither word
UNASKED_DUTCH = ("al", "af", "loopt", "lopen", "bestaat", "bestaan", "hebben", "kan", "kun", "kunnen", "gaat",
    "innovaties", "cursussen", "opleidingen", "studies", "onderzoeken")
UNASKED_ENGLISH = ("there", "already", "against", "any", "do", "does", "have", "can", "innovations", "courses")
# fmt: on

STOPWORDS = frozenset((*DUTCH, *ENGLISH))
UNASKED = frozenset((*UNASKED_DUTCH, *UNASKED_ENGLISH))  # these join their neighbours in the index all the same
