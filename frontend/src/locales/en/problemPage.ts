/** English texts: the page that explains a refusal of the REST API. */
export const problemPageEn = {
  title: "Why a request was refused",
  what: "What happened, and what a person does",
  program: "What a program does",
  operations: "Operations that answer it",
  many: "Many or all operations; see /api/openapi.json.",
  reference:
    "Names in ‹ › are values in “parameters” of the answer. Keep its “request_id”: with it, an operator finds the request in the log.",
  status: {
    "400": "Correct the header field that the answer names, then send the request again.",
    "401":
      "Sign in again or use another token. The same request with the same token is refused again.",
    "403":
      "Do not repeat the request. Ask the person whose token it is, or an operator, for the right or the scope.",
    "404":
      "Check the id in the address. It may have been removed, or its owner has taken the right away.",
    "405": "Check the method and the address against /api/openapi.json.",
    "409":
      "Read the resource, change what stands in the way, then try again. “subjects” may name it.",
    "410": "Read everything once, then follow changes from now on.",
    "412": "Read the resource again, put your change on it, and send it with the new ETag.",
    "413": "Send less: shorten the text, or split the file into smaller parts.",
    "415": "Send the Content-Type that the operation describes; JSON is application/json.",
    "422":
      "Correct the values, then send the request again. “fields” names each wrong field with a code of its own.",
    "428": "Read the resource and send its ETag as If-Match.",
    "429": "Wait for the seconds of the header Retry-After, then go on more slowly.",
    "500": "Try again later. When it comes again, give an operator the “request_id” of the answer.",
    "503": "Wait for the seconds of the header Retry-After, then send the same request again.",
  },
}
