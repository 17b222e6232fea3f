#pragma once
#include "kith_files.h"
#include "kith_spawn.h"
#include "kith_epoll.h"
#include "kith_terminal.h"
#include "kith_memory.h"
#include "kith_confine.h"
