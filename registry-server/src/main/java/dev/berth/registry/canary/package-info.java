/** The image by which nodes prove that they can pull: what it is, and how it comes into storage. */
@NullMarked
package dev.berth.registry.canary;

import org.jspecify.annotations.NullMarked;
