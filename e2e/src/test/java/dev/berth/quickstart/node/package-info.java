/** Tests of the local node with a mock API and real processes. */
@NullMarked
package dev.berth.quickstart.node;

import org.jspecify.annotations.NullMarked;
