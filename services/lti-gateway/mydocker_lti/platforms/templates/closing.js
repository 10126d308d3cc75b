// Last page of a registration: asks the platform's page to close this frame.
;(() => {
  const done = document.getElementById('done')
  const platformWindow = window.opener ?? (window.parent !== window ? window.parent : null)
  done.hidden = platformWindow === null
  done.addEventListener('click', () =>
    platformWindow.postMessage({ subject: 'org.imsglobal.lti.close' }, done.dataset.origin),
  )
})()
