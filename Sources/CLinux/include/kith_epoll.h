#pragma once

/* Waiting for descriptors: Swift's Glibc module does not show these. */
#include <sys/epoll.h>
#include <sys/eventfd.h>
