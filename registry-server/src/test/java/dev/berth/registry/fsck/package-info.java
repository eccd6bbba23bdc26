/** Tests of the check of all storage. */
@NullMarked
package dev.berth.registry.fsck;

import org.jspecify.annotations.NullMarked;
