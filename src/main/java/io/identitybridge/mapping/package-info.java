/** Normalizes records, and maps them to the membership Portkey should have. Pure: records and a time in, values out. */
package io.identitybridge.mapping;
