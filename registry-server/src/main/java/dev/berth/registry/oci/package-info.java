/**
 * The words of the OCI distribution and image specifications: names, digests, manifests, errors. No
 * framework.
 */
@NullMarked
package dev.berth.registry.oci;

import org.jspecify.annotations.NullMarked;
