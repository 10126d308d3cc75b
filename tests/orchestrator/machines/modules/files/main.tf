# Machines for tests: a file each. FAIL_AT refuses every machine after so many.
variable "names" { type = set(string) }
variable "tokens" {
  type      = map(string)
  sensitive = true
}
variable "pool" { type = string }
variable "platform" { type = string }
variable "join_url" { type = string }
variable "folder" { type = string }
variable "size" {
  type    = string
  default = "small"
}

resource "terraform_data" "machine" {
  for_each = var.names
  input    = { name = each.key, folder = var.folder }
  # Unlike in a real module, where a change must not replace machines that are there.
  triggers_replace = [var.size]

  provisioner "local-exec" {
    command     = "${path.module}/machine.sh add"
    environment = { FOLDER = self.input.folder, NAME = self.input.name, TOKEN = nonsensitive(var.tokens[each.key]) }
  }
  provisioner "local-exec" {
    when        = destroy
    command     = "${path.module}/machine.sh remove"
    environment = { FOLDER = self.input.folder, NAME = self.input.name }
  }
}
