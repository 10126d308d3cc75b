window.top.location.href = document.getElementById('back').href
