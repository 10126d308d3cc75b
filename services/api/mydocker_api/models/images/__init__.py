"""Tables of Images, their files and the approvals of their builds."""
