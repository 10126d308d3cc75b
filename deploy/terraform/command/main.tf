# Machines by two commands of the operator: for anything that a command line makes and removes.
#
# Both run with `sh -c` and get NAME; the first also TOKEN, JOIN_URL, POOL and PLATFORM. They must be
# idempotent: after an interruption the first runs again for a machine that may exist.

variable "make_command" {
  type        = string
  description = "Makes the machine $NAME, which joins at $JOIN_URL with $TOKEN. Ends once it is ordered."
}

variable "remove_command" {
  type        = string
  description = "Removes the machine $NAME. One that is not there is no error."
}

variable "names" { type = set(string) }
variable "tokens" {
  type      = map(string)
  sensitive = true
}
variable "pool" { type = string }
variable "platform" { type = string }
variable "join_url" { type = string }

resource "terraform_data" "machine" {
  for_each = var.names
  # Kept in the state: at the end, a machine is removed by the command of now.
  input = { name = each.key, remove_command = var.remove_command }

  provisioner "local-exec" {
    command = var.make_command
    environment = {
      NAME     = each.key
      TOKEN    = nonsensitive(var.tokens[each.key])
      JOIN_URL = var.join_url
      POOL     = var.pool
      PLATFORM = var.platform
    }
  }

  provisioner "local-exec" {
    when        = destroy
    command     = self.input.remove_command
    environment = { NAME = self.input.name }
  }
}
