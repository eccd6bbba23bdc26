/** How the built programs are started, by whatever starts them. */
@NullMarked
package dev.berth.program;

import org.jspecify.annotations.NullMarked;
