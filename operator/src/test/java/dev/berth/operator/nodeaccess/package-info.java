@NullMarked
package dev.berth.operator.nodeaccess;

import org.jspecify.annotations.NullMarked;
