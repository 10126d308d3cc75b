"""People, course spaces, courses, sessions, images, and what people want to run."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_23_begin"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_tickets",
        sa.Column("jti", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("jti", name=op.f("pk_access_tickets")),
        schema="api",
    )
    op.create_index(
        op.f("ix_access_tickets_expires_at"),
        "access_tickets",
        ["expires_at"],
        unique=False,
        schema="api",
    )
    op.create_table(
        "contexts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("deployment_id", sa.String(), nullable=False),
        sa.Column("context_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contexts")),
        sa.UniqueConstraint(
            "registration_id",
            "deployment_id",
            "context_id",
            name=op.f("uq_contexts_registration_id_deployment_id_context_id"),
        ),
        schema="api",
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("locale", sa.String(), nullable=True),
        sa.Column("pseudonym", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_users_issuer_subject")),
        schema="api",
    )
    op.create_table(
        "enrolments",
        sa.Column("context_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["context_id"],
            ["api.contexts.id"],
            name=op.f("fk_enrolments_context_id_contexts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["api.users.id"],
            name=op.f("fk_enrolments_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("context_id", "user_id", name=op.f("pk_enrolments")),
        schema="api",
    )
    op.create_index(
        op.f("ix_enrolments_user_id"), "enrolments", ["user_id"], unique=False, schema="api"
    )
    op.create_table(
        "images",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("repository", sa.String(), nullable=False),
        sa.Column("dockerfile", sa.String(), nullable=False),
        sa.Column("wrapper", sa.String(), nullable=False),
        sa.Column("ports", postgresql.JSONB(), nullable=False),
        sa.Column("profile", sa.String(length=20), nullable=False),
        sa.Column("work_path", sa.String(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["api.users.id"], name=op.f("fk_images_owner_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_images")),
        schema="api",
    )
    op.create_index(op.f("ix_images_owner_id"), "images", ["owner_id"], unique=False, schema="api")
    op.create_table(
        "launches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("arrival", postgresql.JSONB(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["api.users.id"],
            name=op.f("fk_launches_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_launches")),
        schema="api",
    )
    op.create_index(
        op.f("ix_launches_received_at"), "launches", ["received_at"], unique=False, schema="api"
    )
    op.create_table(
        "builds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["image_id"],
            ["api.images.id"],
            name=op.f("fk_builds_image_id_images"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_builds")),
        sa.UniqueConstraint("image_id", "number", name=op.f("uq_builds_image_id_number")),
        schema="api",
    )
    op.create_table(
        "courses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("image_id", sa.Uuid(), nullable=True),
        sa.Column("build_id", sa.Uuid(), nullable=True),
        sa.Column("build_number", sa.Integer(), nullable=True),
        sa.Column("image_reference", sa.String(), nullable=True),
        sa.Column("ports", postgresql.JSONB(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("profile", sa.String(length=20), nullable=False),
        sa.Column("cpu", sa.Double(), nullable=True),
        sa.Column("memory_mib", sa.Integer(), nullable=True),
        sa.Column("save_work", sa.Boolean(), nullable=False),
        sa.Column("work_path", sa.String(), nullable=False),
        sa.Column("show_username", sa.Boolean(), nullable=False),
        sa.Column("show_password", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["image_id"], ["api.images.id"], name=op.f("fk_courses_image_id_images")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["api.users.id"], name=op.f("fk_courses_owner_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        schema="api",
    )
    op.create_index(
        op.f("ix_courses_image_id"), "courses", ["image_id"], unique=False, schema="api"
    )
    op.create_index(
        op.f("ix_courses_owner_id"), "courses", ["owner_id"], unique=False, schema="api"
    )
    op.create_table(
        "course_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("students", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("block_before_start", sa.Boolean(), nullable=False),
        sa.Column("automatic_stop", sa.Boolean(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_course_sessions_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["api.courses.id"],
            name=op.f("fk_course_sessions_course_id_courses"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_sessions")),
        schema="api",
    )
    op.create_index(
        op.f("ix_course_sessions_course_id_starts_at"),
        "course_sessions",
        ["course_id", "starts_at"],
        unique=False,
        schema="api",
    )
    op.create_table(
        "environments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("sealed_password", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.String(length=20), nullable=False),
        sa.Column("stop_reason", sa.String(length=20), nullable=True),
        sa.Column("plan", postgresql.JSONB(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.Column("refusal", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["api.courses.id"],
            name=op.f("fk_environments_course_id_courses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["api.users.id"],
            name=op.f("fk_environments_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_environments")),
        sa.UniqueConstraint("course_id", "user_id", name=op.f("uq_environments_course_id_user_id")),
        schema="api",
    )
    op.create_index(
        "ix_environments_unheard",
        "environments",
        ["id"],
        unique=False,
        schema="api",
        postgresql_where=sa.text("confirmed < revision"),
    )
    op.create_index(
        op.f("ix_environments_user_id"), "environments", ["user_id"], unique=False, schema="api"
    )
    op.create_table(
        "memberships",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["api.courses.id"],
            name=op.f("fk_memberships_course_id_courses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["api.users.id"],
            name=op.f("fk_memberships_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("course_id", "user_id", name=op.f("pk_memberships")),
        schema="api",
    )
    op.create_index(
        op.f("ix_memberships_user_id"), "memberships", ["user_id"], unique=False, schema="api"
    )
    op.create_table(
        "resource_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("context_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["context_id"],
            ["api.contexts.id"],
            name=op.f("fk_resource_links_context_id_contexts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["api.courses.id"],
            name=op.f("fk_resource_links_course_id_courses"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_links")),
        sa.UniqueConstraint(
            "context_id", "link_id", name=op.f("uq_resource_links_context_id_link_id")
        ),
        schema="api",
    )
    op.create_index(
        op.f("ix_resource_links_course_id"),
        "resource_links",
        ["course_id"],
        unique=False,
        schema="api",
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_resource_links_course_id"), table_name="resource_links", schema="api")
    op.drop_table("resource_links", schema="api")
    op.drop_index(op.f("ix_memberships_user_id"), table_name="memberships", schema="api")
    op.drop_table("memberships", schema="api")
    op.drop_index(op.f("ix_environments_user_id"), table_name="environments", schema="api")
    op.drop_index(
        "ix_environments_unheard",
        table_name="environments",
        schema="api",
        postgresql_where=sa.text("confirmed < revision"),
    )
    op.drop_table("environments", schema="api")
    op.drop_index(
        op.f("ix_course_sessions_course_id_starts_at"), table_name="course_sessions", schema="api"
    )
    op.drop_table("course_sessions", schema="api")
    op.drop_index(op.f("ix_courses_owner_id"), table_name="courses", schema="api")
    op.drop_index(op.f("ix_courses_image_id"), table_name="courses", schema="api")
    op.drop_table("courses", schema="api")
    op.drop_table("builds", schema="api")
    op.drop_index(op.f("ix_launches_received_at"), table_name="launches", schema="api")
    op.drop_table("launches", schema="api")
    op.drop_index(op.f("ix_images_owner_id"), table_name="images", schema="api")
    op.drop_table("images", schema="api")
    op.drop_index(op.f("ix_enrolments_user_id"), table_name="enrolments", schema="api")
    op.drop_table("enrolments", schema="api")
    op.drop_table("users", schema="api")
    op.drop_table("contexts", schema="api")
    op.drop_index(op.f("ix_access_tickets_expires_at"), table_name="access_tickets", schema="api")
    op.drop_table("access_tickets", schema="api")
