"""Fictional people and the course of the demo."""

from dataclasses import dataclass

from .texts import Language


@dataclass(frozen=True)
class Person:
    """A person of the campus; `id` is the LTI subject."""

    id: str
    slug: str
    given_name: str
    family_name: str
    is_teacher: bool = False
    is_woman: bool = True

    @property
    def role_text(self) -> str:
        """Key of the text that names the role."""
        if self.is_teacher:
            return "teacher"
        return "student_f" if self.is_woman else "student_m"

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def initials(self) -> str:
        return self.given_name[0] + self.family_name[0]

    @property
    def email(self) -> str:
        return f"{self.slug}@campus.example"


@dataclass(frozen=True)
class CourseSpace:
    """The course of the demo."""

    id: str
    label: str
    titles: dict[Language, str]


TEACHER = Person("3", "claire-fontaine", "Claire", "Fontaine", is_teacher=True)
STUDENTS = (
    Person("5", "amina-benali", "Amina", "Benali"),
    Person("6", "lucas-moreau", "Lucas", "Moreau", is_woman=False),
    Person("7", "ines-carpentier", "Inès", "Carpentier"),
    Person("8", "hugo-lefevre", "Hugo", "Lefèvre", is_woman=False),
    Person("9", "maya-nguyen", "Maya", "Nguyen"),
)
PEOPLE = (TEACHER, *STUDENTS)
GUESTS = tuple(Person(str(1000 + n), f"guest-{n}", "Guest", str(n)) for n in range(1, 301))
"""A class of 300 for benchmarks; no page lists them."""
BY_SLUG = {person.slug: person for person in (*PEOPLE, *GUESTS)}
BY_ID = {person.id: person for person in (*PEOPLE, *GUESTS)}
COURSE = CourseSpace(
    "2",
    "SEC-201",
    {"fr": "Introduction à la sécurité informatique", "en": "Introduction to computer security"},
)
