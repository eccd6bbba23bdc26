/**
 * What the Pods of the cluster run, as far as the names and ids of their images tell it, so that no
 * server collects or expires it.
 */
@NullMarked
package dev.berth.operator.podimages;

import org.jspecify.annotations.NullMarked;
