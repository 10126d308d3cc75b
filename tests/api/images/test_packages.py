"""What builds contain: for those who may use them; operators search all of them."""

from uuid import UUID

from tests.api.campus import Campus

from mydocker_kit.contracts.builder.packages import ImagePackage, PackageKind

SSL = ImagePackage(kind=PackageKind.DEB, name="openssl", version="3.0.11-1~deb12u2")


async def test_a_build_shows_its_packages_to_those_who_may_use_it(campus: Campus) -> None:
    teacher = await campus.teacher()
    _, build = await campus.built_image(teacher)
    path = f"/api/builds/{build}"
    assert (await teacher.get(f"{path}/inventory"))["state"] == "unknown"
    campus.builder.packages[UUID(build)] = [SSL]
    inventory = await teacher.get(f"{path}/inventory")
    assert (inventory["state"], inventory["packages"]) == ("complete", 1)
    listed = await teacher.get(f"{path}/packages")
    assert [package["name"] for package in listed["items"]] == ["openssl"]
    assert (await teacher.get(f"{path}/sbom"))["bomFormat"] == "CycloneDX"
    linus = await campus.teacher("linus")
    for part in ("inventory", "packages", "sbom"):
        assert await linus.refused("GET", f"{path}/{part}") == (404, "not_found")


async def test_operators_learn_which_images_and_courses_have_a_package(campus: Campus) -> None:
    teacher, operator = await campus.teacher(), await campus.operator()
    image, build = await campus.built_image(teacher)
    await campus.course(teacher, build_id=build)
    campus.builder.packages[UUID(build)] = [SSL]
    uses = await operator.get("/api/packages?name=openssl&version=3.0.11")
    [use] = uses["items"]
    assert (use["image_id"], use["build_number"], use["courses"]) == (image, 1, 1)
    assert (use["owner_name"], use["package"]["version"]) == ("Grace", "3.0.11-1~deb12u2")
    assert (await operator.get("/api/packages?name=openssl&version=3.0.12"))["items"] == []
    await teacher.post(f"/api/images/{image}/builds")
    coverage = await operator.get("/api/package-coverage")
    assert (coverage["complete"], coverage["unknown"]) == (1, 1), "unknown is not clean"
    assert await teacher.refused("GET", "/api/packages?name=openssl") == (403, "operators_only")
    assert await operator.refused("GET", "/api/packages") == (422, "invalid_request")


async def test_a_deleted_image_is_still_named_by_its_builds(campus: Campus) -> None:
    teacher, operator = await campus.teacher(), await campus.operator()
    image, build = await campus.built_image(teacher)
    campus.builder.packages[UUID(build)] = [SSL]
    await teacher.delete(f"/api/images/{image}")
    [use] = (await operator.get("/api/packages?name=openssl"))["items"]
    assert (use["image_title"], use["owner_name"], use["build_id"]) == (None, None, build)
