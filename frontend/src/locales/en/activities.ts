/** English texts of a student's own activities. */
export const activitiesEn = {
  title: "My activities",
  text: "Your courses here, what comes next, and what runs now.",
  running: "Running now",
  upcoming: "Coming up",
  noSessions: "No session is planned in the next 60 days.",
  courses: "All my courses",
  emptyTitle: "No course yet",
  emptyText: "Open the activity in your course space, or join with a code from your teacher.",
  join: "Join with a code",
  openCourse: "Open",
  openNamed: "Open {{title}}",
  ends: "Stops at {{time}}",
  notStarted: "Not started",
}
