/**
 * The metadata in an SQL database: one text of SQL for SQLite and PostgreSQL, one class a concept.
 */
@NullMarked
package dev.berth.registry.metadata.sql;

import org.jspecify.annotations.NullMarked;
