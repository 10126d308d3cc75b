/** Where a sign-in may lead. */
import { expect, it } from "vitest"
import { ownPath, signInAddress } from "./signIn"

it.each([
  "/dashboard",
  "/dashboard/images?page=2",
  "/account",
  "/join/K7F3-9QD2/user-redirect/git-pull?repo=https://a.example/b",
])("%s is ours", (path) => {
  expect(ownPath(path)).toBe(path)
})

it.each([
  "//evil.example",
  "https://evil.example",
  "/dashboards",
  "/dashboard//evil.example",
  "/api/me",
  "",
  null,
  7,
])("%s is not", (path) => {
  expect(ownPath(path)).toBeUndefined()
})

it("carries the wish to the provider and back", () => {
  expect(signInAddress("campus", "/dashboard/images?page=2")).toBe(
    "/lti/sign-in/campus?to=%2Fdashboard%2Fimages%3Fpage%3D2",
  )
  expect(signInAddress("campus", undefined)).toBe("/lti/sign-in/campus")
})
