#!/bin/sh
# OpenSSL practice.
#   wrapper.sh                starts SSH (port 22) and the exercises (port 8080)
#   wrapper.sh pages FOLDER   writes the exercises; the Dockerfile does it once, so starts are quick
set -eu

WORK=/home/student/work
# Beside the work, so that the fingerprint a student has accepted stays right after a restart.
# Owned by root and closed: not the student's to read.
KEYS=$WORK/.ssh-host-key

main() {
  name_account
  make_host_key
  # From here on nobody needs the password in clear.
  unset MYDOCKER_PASSWORD
  busybox httpd -p 8080 -u www-data -h /srv/exercises
  # -w no root, -e log to the container's output, -T few guesses, -K notice dead clients.
  exec dropbear -F -E -w -T 4 -K 60 -p 22 -r "$KEYS/ed25519"
}

# The account of user id 1000 gets the name and password this person sees on screen.
name_account() {
  user=${MYDOCKER_USERNAME:?must name the person}
  hash=$(printf '%s' "${MYDOCKER_PASSWORD:?must hold the password}" | openssl passwd -6 -stdin)
  current=$(id -un 1000)
  if [ "$user" != "$current" ] && id "$user" > /dev/null 2>&1; then
    echo "the user name $user belongs to the system" >&2
    exit 1
  fi
  usermod --login "$user" --password "$hash" "$current"
}

make_host_key() {
  chown 1000:1000 "$WORK"
  # Whatever is not our own folder with our own key in it is replaced.
  if [ -L "$KEYS" ] || [ ! -f "$KEYS/ed25519" ] || [ "$(stat -c %u "$KEYS")" != 0 ]; then
    rm -rf "$KEYS"
    mkdir -m 700 "$KEYS"
    dropbearkey -t ed25519 -f "$KEYS/ed25519" > /dev/null 2>&1
  fi
}

write_pages() {
  mkdir -p "$1"
  style > "$1/style.css"
  page_choice > "$1/index.html"
  page_english > "$1/en.html"
  page_french > "$1/fr.html"
}

style() {
  cat << 'CSS'
:root { color-scheme: light dark; background: light-dark(#fff, #18181d); color: light-dark(#1d2129, #e8eaed);
  --quiet: light-dark(#f3f4f6, #1f2430); --line: light-dark(#d4d7dd, #3a4050); --link: light-dark(#0b57c2, #8ab8ff); }
body { font: 1.0625rem/1.6 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem 1rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.25; } h2 { font-size: 1.25rem; margin-top: 2.5rem; }
a { color: var(--link); } nav { text-align: right; }
pre { background: var(--quiet); border: 1px solid var(--line); border-radius: 6px; padding: .75rem 1rem; overflow-x: auto; font-size: .9375rem; }
code { font-family: ui-monospace, monospace; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
CSS
}

head_of() { # language, title, other language, its name
  cat << HTML
<!doctype html>
<html lang="$1">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$2</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="style.css">
</head>
<body>
<nav><a href="$3.html" hreflang="$3" lang="$3">$4</a></nav>
<main>
<h1>$2</h1>
HTML
}

page_choice() {
  cat << 'HTML'
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>OpenSSL</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="style.css">
<script>location.replace(/^fr/i.test(navigator.language) ? "fr.html" : "en.html")</script>
</head>
<body>
<main>
<h1>OpenSSL</h1>
<p><a href="en.html" hreflang="en">English</a> · <a href="fr.html" hreflang="fr" lang="fr">Français</a></p>
</main>
</body>
</html>
HTML
}

page_english() {
  head_of en "OpenSSL practice" fr "Français"
  cat << 'HTML'
<p>Connect with the command on the SSH card of your environment's page. You arrive in the folder
<code>work</code>: what you put there is kept when the environment stops.
<code>openssl help</code> lists the commands, <code>openssl req -help</code> the options of one.</p>

<h2>1. Keys</h2>
<p>Make a private key, look at it, and take out its public half.</p>
<pre tabindex="0"><code>openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out site.key
openssl pkey -in site.key -noout -text | less
openssl pkey -in site.key -pubout -out site.pub</code></pre>
<p>Make a second one with <code>-algorithm ED25519</code>. Compare the sizes of the two files: why
is one so much smaller? Which of the files may you send by e-mail?</p>

<h2>2. A certificate request</h2>
<p>Ask for a certificate for <code>www.example.test</code>, signed with your key.</p>
<pre tabindex="0"><code>openssl req -new -key site.key -subj "/CN=www.example.test" \
  -addext "subjectAltName=DNS:www.example.test" -out site.csr
openssl req -in site.csr -noout -text -verify</code></pre>
<p>What does the signature in a request prove, and to whom?</p>

<h2>3. A small certificate authority</h2>
<p>Make an authority of your own, let it sign the request, and check the chain.</p>
<pre tabindex="0"><code>openssl req -x509 -newkey rsa:3072 -noenc -keyout ca.key -out ca.crt -days 365 \
  -subj "/CN=Practice CA"
openssl x509 -req -in site.csr -CA ca.crt -CAkey ca.key -CAcreateserial \
  -copy_extensions copy -days 90 -out site.crt
openssl verify -CAfile ca.crt site.crt
openssl verify site.crt</code></pre>
<p>Why does the last command fail? What would have to happen for every browser to trust it?</p>

<h2>4. Encrypting and signing</h2>
<p>Encrypt a file with a password, decrypt it, and compare.</p>
<pre tabindex="0"><code>echo "meet me at noon" &gt; letter.txt
openssl enc -aes-256-cbc -pbkdf2 -salt -in letter.txt -out letter.enc
openssl enc -d -aes-256-cbc -pbkdf2 -in letter.enc -out letter.back
cmp letter.txt letter.back &amp;&amp; echo the same</code></pre>
<p>Sign it with your private key; verify with the public one. Then change one letter and verify
again.</p>
<pre tabindex="0"><code>openssl dgst -sha256 -sign site.key -out letter.sig letter.txt
openssl dgst -sha256 -verify site.pub -signature letter.sig letter.txt</code></pre>

<h2>5. A TLS connection</h2>
<p>Start a server, and look at it from a second SSH connection.</p>
<pre tabindex="0"><code>openssl s_server -accept 4433 -cert site.crt -key site.key -www</code></pre>
<pre tabindex="0"><code>cd ~/work
openssl s_client -connect localhost:4433 -servername www.example.test \
  -CAfile ca.crt -verify_hostname www.example.test -brief &lt; /dev/null</code></pre>
<p>Leave out <code>-CAfile</code>, then ask for another host name. What does the client say? Try
<code>-tls1_2</code> and <code>-tls1_3</code>, and compare the cipher suites.</p>
</main>
</body>
</html>
HTML
}

page_french() {
  head_of fr "Travaux pratiques OpenSSL" en "English"
  cat << 'HTML'
<p>Connectez-vous avec la commande de la carte SSH, sur la page de votre environnement. Vous arrivez
dans le dossier <code>work</code> : ce que vous y mettez est conservé quand l’environnement s’arrête.
<code>openssl help</code> liste les commandes, <code>openssl req -help</code> les options de l’une
d’elles.</p>

<h2>1. Les clés</h2>
<p>Créez une clé privée, regardez-la, et extrayez sa moitié publique.</p>
<pre tabindex="0"><code>openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out site.key
openssl pkey -in site.key -noout -text | less
openssl pkey -in site.key -pubout -out site.pub</code></pre>
<p>Créez-en une deuxième avec <code>-algorithm ED25519</code>. Comparez la taille des deux fichiers :
pourquoi l’une est-elle tellement plus courte ? Lequel de ces fichiers pouvez-vous envoyer par
courriel ?</p>

<h2>2. Une demande de certificat</h2>
<p>Demandez un certificat pour <code>www.example.test</code>, signé avec votre clé.</p>
<pre tabindex="0"><code>openssl req -new -key site.key -subj "/CN=www.example.test" \
  -addext "subjectAltName=DNS:www.example.test" -out site.csr
openssl req -in site.csr -noout -text -verify</code></pre>
<p>Que prouve la signature d’une demande, et à qui ?</p>

<h2>3. Une petite autorité de certification</h2>
<p>Créez votre propre autorité, faites-lui signer la demande, et vérifiez la chaîne.</p>
<pre tabindex="0"><code>openssl req -x509 -newkey rsa:3072 -noenc -keyout ca.key -out ca.crt -days 365 \
  -subj "/CN=Practice CA"
openssl x509 -req -in site.csr -CA ca.crt -CAkey ca.key -CAcreateserial \
  -copy_extensions copy -days 90 -out site.crt
openssl verify -CAfile ca.crt site.crt
openssl verify site.crt</code></pre>
<p>Pourquoi la dernière commande échoue-t-elle ? Que faudrait-il pour que tous les navigateurs
acceptent ce certificat ?</p>

<h2>4. Chiffrer et signer</h2>
<p>Chiffrez un fichier avec un mot de passe, déchiffrez-le, et comparez.</p>
<pre tabindex="0"><code>echo "rendez-vous à midi" &gt; lettre.txt
openssl enc -aes-256-cbc -pbkdf2 -salt -in lettre.txt -out lettre.enc
openssl enc -d -aes-256-cbc -pbkdf2 -in lettre.enc -out lettre.retour
cmp lettre.txt lettre.retour &amp;&amp; echo identiques</code></pre>
<p>Signez-le avec votre clé privée ; vérifiez avec la clé publique. Puis changez une lettre et
vérifiez à nouveau.</p>
<pre tabindex="0"><code>openssl dgst -sha256 -sign site.key -out lettre.sig lettre.txt
openssl dgst -sha256 -verify site.pub -signature lettre.sig lettre.txt</code></pre>

<h2>5. Une connexion TLS</h2>
<p>Lancez un serveur, et observez-le depuis une deuxième connexion SSH.</p>
<pre tabindex="0"><code>openssl s_server -accept 4433 -cert site.crt -key site.key -www</code></pre>
<pre tabindex="0"><code>cd ~/work
openssl s_client -connect localhost:4433 -servername www.example.test \
  -CAfile ca.crt -verify_hostname www.example.test -brief &lt; /dev/null</code></pre>
<p>Retirez <code>-CAfile</code>, puis demandez un autre nom d’hôte. Que dit le client ? Essayez
<code>-tls1_2</code> et <code>-tls1_3</code>, et comparez les suites cryptographiques.</p>
</main>
</body>
</html>
HTML
}

case ${1:-start} in
  start) main ;;
  pages) write_pages "$2" ;;
  *) echo "usage: wrapper.sh [pages FOLDER]" >&2; exit 2 ;;
esac
