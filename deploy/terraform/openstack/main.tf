# Machines on OpenStack: a security group for all of them, and a server for each name.
#
# Credentials come from the environment of the orchestrator (OS_CLOUD with clouds.yaml, or OS_*).
# A change of image, flavour or user data holds for new machines only: those that are there stay.

terraform {
  required_providers {
    openstack = {
      source  = "terraform-provider-openstack/openstack"
      version = "~> 3.0"
    }
  }
}

variable "image" {
  type        = string
  description = "Name of a Debian 12 or 13 image with cloud-init."
}

variable "flavor" {
  type        = string
  description = "Name of the flavour; its cores and memory are the pool's."
}

variable "network" {
  type        = string
  description = "Name of the network of the machines; the manager must be reachable on it."
}

variable "cluster" {
  type        = string
  description = "Addresses of the machines, the manager and the edge: 10.0.0.0/24."
}

variable "bundle_url" {
  type        = string
  description = "Where machines get the platform's bundle: https://…/mydocker-VERSION.tar.gz."
}

variable "bundle_sha256" {
  type        = string
  description = "Its SHA-256, as in SHA256SUMS."
}

variable "availability_zone" {
  type    = string
  default = null
}

variable "key_pair" {
  type        = string
  default     = null
  description = "Name of a key pair for operators."
}

variable "names" { type = set(string) }
variable "tokens" {
  type      = map(string)
  sensitive = true
}
variable "pool" { type = string }
variable "platform" { type = string }
variable "join_url" { type = string }

resource "openstack_networking_secgroup_v2" "machines" {
  name        = "${var.platform}-${var.pool}-machines"
  description = "Machines of MyDocker: the cluster's own traffic comes in"
}

resource "openstack_networking_secgroup_rule_v2" "cluster" {
  direction         = "ingress"
  ethertype         = "IPv4"
  remote_ip_prefix  = var.cluster
  security_group_id = openstack_networking_secgroup_v2.machines.id
}

resource "openstack_compute_instance_v2" "machine" {
  for_each          = var.names
  name              = each.key
  image_name        = var.image
  flavor_name       = var.flavor
  key_pair          = var.key_pair
  availability_zone = var.availability_zone
  security_groups   = [openstack_networking_secgroup_v2.machines.name]
  metadata          = { mydocker_pool = var.pool, mydocker_platform = var.platform }

  user_data = templatefile("${path.module}/cloud-init.yaml.tftpl", {
    name          = each.key
    token         = var.tokens[each.key]
    join_url      = var.join_url
    bundle_url    = var.bundle_url
    bundle_sha256 = var.bundle_sha256
  })

  network {
    name = var.network
  }

  lifecycle {
    ignore_changes = [user_data, image_name, flavor_name, key_pair, availability_zone]
  }
}
