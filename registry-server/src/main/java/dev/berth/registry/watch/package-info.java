/**
 * Files that change while the server runs. They are compared by content: a Kubernetes volume swaps
 * a symbolic link, which no file event of the files themselves tells.
 */
@NullMarked
package dev.berth.registry.watch;

import org.jspecify.annotations.NullMarked;
