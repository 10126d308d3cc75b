"""Parts of readable names: friendly adjectives, and scientists."""

_ADJECTIVES = """
agile amused ancient bold brave bright calm clever cosmic curious daring eager earnest
elegant fearless festive focused friendly gentle gifted golden graceful happy honest
hopeful humble jolly keen kind lively loyal lucid mellow merry modest musing nimble noble
patient peaceful polite proud quiet quirky radiant serene sharp silent sincere stoic
strange sunny swift tender thoughtful tidy vivid warm wise witty zealous
"""

_SCIENTISTS = """
abel agnesi alhazen ampere anning archimedes avogadro babbage banach bassi becquerel bell
bernoulli blackwell bohr boole borg bose boyle brahe burnell cantor carson cauchy chandra
chatelet cori coulomb curie dalton darwin descartes dijkstra dirac eastley edison einstein
elion engelbart euclid euler faraday fermat fermi feynman fourier franklin galileo galois
gauss germain goodall hamilton hawking heisenberg hertz hilbert hodgkin hopper hubble
huygens hypatia jackson jemison johnson joliot joule kalam kepler khorana kilby kovalevskaya
lagrange lamarr lamport laplace lavoisier leavitt leibniz liskov lovelace lumiere maxwell
mayer mcclintock meitner mendel mendeleev mirzakhani moore morse napier newton nobel
noether ohm pascal pasteur payne perlman planck poincare ptolemy raman ramanujan ride
riemann ritchie roentgen rubin sagan sammet shannon shockley snyder tesla thompson torvalds
turing varahamihira villani volta wiles wing wozniak wright wu yalow yonath zhukovsky
"""

ADJECTIVES = tuple(_ADJECTIVES.split())
SCIENTISTS = tuple(_SCIENTISTS.split())
