/** The metadata store in SQL. */
@NullMarked
package dev.berth.registry.metadata.sql;

import org.jspecify.annotations.NullMarked;
