// The last page of a registration: tells the platform's page that it may close our frame.
;(() => {
  const done = document.getElementById('done')
  const home = window.opener ?? (window.parent !== window ? window.parent : null)
  done.hidden = home === null
  done.addEventListener('click', () =>
    home.postMessage({ subject: 'org.imsglobal.lti.close' }, done.dataset.origin),
  )
})()
