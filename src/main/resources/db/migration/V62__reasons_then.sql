-- Why a person had the roles that this change gave or changed: of each reason workspace (folded), source, reason, role, and file and line, one after the other. Null where it changed no role.
alter table audit add column grants text[];
