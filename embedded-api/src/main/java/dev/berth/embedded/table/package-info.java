/** Server-side tables: what {@code kubectl get} prints. */
@NullMarked
package dev.berth.embedded.table;

import org.jspecify.annotations.NullMarked;
