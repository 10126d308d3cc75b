// The tool's registration page says when it is done; like Moodle, whoever says it is believed.
window.addEventListener('message', (event) => {
  if (event.data?.subject === 'org.imsglobal.lti.close') window.location.assign('/tools')
})
