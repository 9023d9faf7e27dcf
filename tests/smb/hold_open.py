"""Opens a file on a share so that nobody else may, says `held`, and holds it until it is ended.

Usage: hold_open.py URL USER, with the password in SMB_TEST_PASSWORD. Needs the library that Debian's smbclient brings.
"""
import ctypes
import os
import signal
import sys

url, user = sys.argv[1:3]
password = os.environ["SMB_TEST_PASSWORD"]
library = ctypes.CDLL("libsmbclient.so.0")
pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
DENY_ALL = 1

LogIn = ctypes.CFUNCTYPE(None, pointer, text, text, pointer, number, pointer, number, pointer, number)


@LogIn
def log_in(_context, _server, _share, _group, _group_size, name, name_size, word, word_size):
    for place, size, value in ((name, name_size, user), (word, word_size, password)):
        bytes_ = value.encode()[: size - 1] + b"\0"
        ctypes.memmove(place, bytes_, len(bytes_))


library.smbc_new_context.restype = pointer
context = pointer(library.smbc_new_context())
library.smbc_setFunctionAuthDataWithContext(context, log_in)
library.smbc_setOptionOpenShareMode(context, number(DENY_ALL))
library.smbc_init_context.restype = pointer
library.smbc_init_context(context)
library.smbc_getFunctionOpen.restype = ctypes.CFUNCTYPE(pointer, pointer, text, number, number)
opened = library.smbc_getFunctionOpen(context)(context, url.encode(), os.O_RDWR, 0)
if not opened:
    sys.exit("cannot open " + url)
print("held", flush=True)
signal.pause()
