/** The command line and the start of the server. */
@NullMarked
package dev.berth.registry.cli;

import org.jspecify.annotations.NullMarked;
