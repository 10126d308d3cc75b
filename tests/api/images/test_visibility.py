"""Images for all teachers: the owner asks, an operator decides; and who uses an image."""

import pytest
from tests.api.campus import Campus, Person, a_course


async def _asked(campus: Campus, teacher: Person) -> tuple[str, str]:
    image, build = await campus.built_image(teacher)
    body = {"comment": "Every first year needs it."}
    asked = (await teacher.http.put(f"/api/images/{image}/visibility", json=body)).json()
    assert (asked["state"], asked["can"]) == ("asked", ["withdraw"])
    return image, build


async def test_an_approved_image_is_every_teachers_to_use(campus: Campus, operator: Person) -> None:
    teacher, other = await campus.teacher(), await campus.teacher("linus", builds=False)
    image, build = await _asked(campus, teacher)
    assert (await other.refused("GET", f"/api/images/{image}"))[0] == 404
    waiting = await operator.get("/api/image-visibility?state=asked")
    assert [row["title"] for row in waiting["items"]] == ["OpenSSL practice"]
    path = f"/api/image-visibility/{image}"
    approved = (await operator.http.put(path, json={"decision": "approve"})).json()
    assert (approved["state"], approved["can"]) == ("public", ["refuse"])
    assert (await other.get("/api/images?origin=public"))["total"] == 1
    assert (await other.get(f"/api/images/{image}"))["can"] == []
    await other.post("/api/courses", a_course(build_id=build, title="Borrowed"))
    uses = await teacher.get(f"/api/images/{image}/uses")
    assert [(use["title"], use["owner_name"]) for use in uses["items"]] == [("Borrowed", "Linus")]
    assert await teacher.refused("DELETE", f"/api/images/{image}") == (409, "image_in_use")
    student = await campus.launch("ada")
    assert (await student.refused("GET", f"/api/images/{image}"))[0] == 404


async def test_a_refusal_says_why_and_ends_an_approval(campus: Campus, operator: Person) -> None:
    teacher, other = await campus.teacher(), await campus.teacher("linus")
    image, build = await _asked(campus, teacher)
    path = f"/api/image-visibility/{image}"
    await operator.http.put(path, json={"decision": "approve"})
    course = (await other.post("/api/courses", a_course(build_id=build)))["id"]
    assert await operator.refused("PUT", path, {"decision": "refuse"}) == (422, "fields_invalid")
    answer = {"decision": "refuse", "reason": "Too large."}
    assert (await operator.http.put(path, json=answer)).json()["state"] == "refused"
    seen = await teacher.get(f"/api/images/{image}/visibility")
    assert (seen["state"], seen["reason"], seen["can"]) == ("refused", "Too large.", ["ask"])
    assert (await other.refused("GET", f"/api/images/{image}"))[0] == 404
    assert (await other.get(f"/api/courses/{course}"))["build_id"] == build


async def test_the_owner_withdraws_a_request(campus: Campus, operator: Person) -> None:
    teacher = await campus.teacher()
    image, _ = await _asked(campus, teacher)
    withdrawn = (await teacher.http.delete(f"/api/images/{image}/visibility")).json()
    assert (withdrawn["state"], withdrawn["can"]) == ("private", ["ask"])
    assert (await operator.get("/api/image-visibility"))["total"] == 0
    refused = await operator.refused(
        "PUT", f"/api/image-visibility/{image}", {"decision": "approve"}
    )
    assert refused == (409, "visibility_decision_impossible")


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/api/images/{}/visibility"), ("DELETE", "/api/images/{}/visibility")],
)
async def test_only_the_owner_asks(
    campus: Campus, operator: Person, method: str, path: str
) -> None:
    teacher, other = await campus.teacher(), await campus.teacher("linus")
    image, _ = await _asked(campus, teacher)
    await operator.http.put(f"/api/image-visibility/{image}", json={"decision": "approve"})
    body = {"comment": ""} if method == "PUT" else None
    assert (await other.refused(method, path.format(image), body))[0] == 403
    assert (await other.refused("GET", f"/api/images/{image}/uses"))[0] == 403


async def test_only_operators_decide(campus: Campus) -> None:
    teacher = await campus.teacher()
    image, _ = await _asked(campus, teacher)
    assert (await teacher.refused("GET", "/api/image-visibility"))[1] == "operators_only"
    path = f"/api/image-visibility/{image}"
    assert (await teacher.refused("PUT", path, {"decision": "approve"}))[1] == "operators_only"
