/** What every metadata store must do. */
@NullMarked
package dev.berth.registry.metadata;

import org.jspecify.annotations.NullMarked;
