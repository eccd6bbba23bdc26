/** What the registry knows about its content: the truth for names, links and listings, in SQL. */
@NullMarked
package dev.berth.registry.metadata;

import org.jspecify.annotations.NullMarked;
