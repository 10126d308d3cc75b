#!/bin/sh
# Linux desktop.
#   wrapper.sh           starts it on port 5901
#   wrapper.sh session   what the desktop consists of; runs inside it
#   wrapper.sh prepare   is run once by the Dockerfile, as root
set -eu

WORK=/home/student/work
SCREEN=1
CHANNELS=/etc/xdg/xfce4/xfconf/xfce-perchannel-xml

main() {
  if [ ! -w "$WORK" ]; then
    echo "the work folder $WORK cannot be written by user $(id -u)" >&2
    exit 1
  fi
  export HOME=/home/student SHELL=/bin/bash
  # Where nothing but the work folder and /tmp can be written, settings live as long as the start.
  if [ ! -w "$HOME" ]; then
    HOME=$(mktemp -d /tmp/student.XXXXXX)
    cp -a /home/student/.config /home/student/Desktop "$HOME"
  fi
  XDG_RUNTIME_DIR=$(mktemp -d /tmp/desktop.XXXXXX) # only this user enters it
  export XDG_RUNTIME_DIR
  keep_password "$XDG_RUNTIME_DIR/vnc-password"
  # X makes this folder for root alone.
  mkdir -p -m 1777 /tmp/.X11-unix
  begin_session &
  # It is the container's program: SIGTERM ends it, and it ends everything that is drawn on it.
  # Whoever sits in the container is its one person: windows need no second password (-ac).
  # Everybody comes by the platform, from one address: to shut out who guesses would shut out all.
  exec Xtigervnc ":$SCREEN" -ac -nolisten tcp \
    -rfbport 5901 -localhost=0 -AlwaysShared \
    -SecurityTypes VncAuth -PasswordFile "$XDG_RUNTIME_DIR/vnc-password" -UseBlacklist=0 \
    -SendPrimary=0 -SetPrimary=0 \
    -geometry 1280x800 -depth 24 -desktop "${MYDOCKER_USERNAME:-desktop}"
}

# VNC knows eight characters; the page in the browser signs in with them by itself.
keep_password() {
  (
    umask 077
    printf '%s\n' "${MYDOCKER_PASSWORD:?must hold the password}" | cut -c 1-8 \
      | tigervncpasswd -f > "$1"
  )
  unset MYDOCKER_PASSWORD
}

begin_session() {
  until [ -S "/tmp/.X11-unix/X$SCREEN" ]; do sleep 0.05; done
  # No help for screen readers inside: a picture of a desktop has none to give.
  export DISPLAY=":$SCREEN" NO_AT_BRIDGE=1
  cd "$WORK"
  exec dbus-run-session -- /usr/local/bin/wrapper.sh session
}

session() {
  for part in xfwm4 xfdesktop xfce4-panel; do
    keep "$part" &
  done
  wait
}

# Whoever closes a part of the desktop by mistake has it back after a second.
keep() {
  while true; do
    "$1" || true
    sleep 1
  done
}

prepare() {
  mkdir -p "$CHANNELS" /etc/xdg/xfce4/terminal /etc/gtk-3.0
  windows > "$CHANNELS/xfwm4.xml"
  panel > "$CHANNELS/xfce4-panel.xml"
  background > "$CHANNELS/xfce4-desktop.xml"
  look > /etc/gtk-3.0/settings.ini
  terminal > /etc/xdg/xfce4/terminal/terminalrc
  # A folder says more of what it opens than the hammer of its maker.
  sed -i 's/^Icon=.*/Icon=folder/' /usr/share/applications/thunar.desktop
  dbus-uuidgen --ensure=/etc/machine-id
  places
}

# One workspace, and nothing see-through: each would only be more to send.
windows() {
  cat << 'XML'
<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfwm4" version="1.0">
  <property name="general" type="empty">
    <property name="use_compositing" type="bool" value="false"/>
    <property name="workspace_count" type="int" value="1"/>
    <property name="title_font" type="string" value="DejaVu Sans Bold 10"/>
  </property>
</channel>
XML
}

# Below: the menu, three programs, the open windows. No clock: containers do not know where we are.
panel() {
  cat << 'XML'
<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="true"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=8;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="40"/>
      <property name="icon-size" type="uint" value="24"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/>
        <value type="int" value="2"/>
        <value type="int" value="3"/>
        <value type="int" value="4"/>
        <value type="int" value="5"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="applicationsmenu">
      <property name="show-button-title" type="bool" value="true"/>
    </property>
    <property name="plugin-2" type="string" value="launcher">
      <property name="items" type="array"><value type="string" value="xfce4-terminal.desktop"/></property>
    </property>
    <property name="plugin-3" type="string" value="launcher">
      <property name="items" type="array"><value type="string" value="thunar.desktop"/></property>
    </property>
    <property name="plugin-4" type="string" value="launcher">
      <property name="items" type="array"><value type="string" value="org.xfce.mousepad.desktop"/></property>
    </property>
    <property name="plugin-5" type="string" value="tasklist">
      <property name="grouping" type="uint" value="0"/>
    </property>
  </property>
</channel>
XML
}

background() {
  cat << 'XML'
<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-desktop" version="1.0">
  <property name="backdrop" type="empty">
    <property name="screen0" type="empty">
      <property name="monitorVNC-0" type="empty">
        <property name="workspace0" type="empty">
          <property name="image-style" type="int" value="0"/>
          <property name="color-style" type="int" value="2"/>
          <property name="rgba1" type="array">
            <value type="double" value="0.29"/>
            <value type="double" value="0.31"/>
            <value type="double" value="0.55"/>
            <value type="double" value="1"/>
          </property>
          <property name="rgba2" type="array">
            <value type="double" value="0.13"/>
            <value type="double" value="0.15"/>
            <value type="double" value="0.29"/>
            <value type="double" value="1"/>
          </property>
        </property>
      </property>
    </property>
  </property>
  <property name="desktop-icons" type="empty">
    <property name="file-icons" type="empty">
      <property name="show-home" type="bool" value="false"/>
      <property name="show-filesystem" type="bool" value="false"/>
      <property name="show-removable" type="bool" value="false"/>
      <property name="show-trash" type="bool" value="false"/>
    </property>
  </property>
</channel>
XML
}

look() {
  cat << 'INI'
[Settings]
gtk-theme-name=Adwaita
gtk-icon-theme-name=Adwaita
gtk-font-name=DejaVu Sans 10
gtk-enable-animations=0
INI
}

terminal() {
  cat << 'INI'
[Configuration]
FontName=DejaVu Sans Mono 11
MiscDefaultGeometry=90x26
MiscShowUnsafePasteDialog=FALSE
INI
}

# What is kept is on the desktop, and a click away where files are opened and saved.
places() {
  home=/home/student
  install -d -o student -g student "$home/Desktop" "$home/.config" "$home/.config/gtk-3.0"
  ln -s "$WORK" "$home/Desktop/work (kept · conservé)"
  echo "file://$WORK work" > "$home/.config/gtk-3.0/bookmarks"
  chown -hR student:student "$home/Desktop" "$home/.config"
}

case ${1:-start} in
  start) main ;;
  session) session ;;
  prepare) prepare ;;
  *) echo "usage: wrapper.sh [session | prepare]" >&2; exit 2 ;;
esac
