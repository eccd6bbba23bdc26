/** The layers of the server. */
@NullMarked
package dev.berth.registry;

import org.jspecify.annotations.NullMarked;
