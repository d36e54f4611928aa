using System;

namespace Atoll.Services.Net.Stack;

/// <summary>Control bits of a TCP header. Source: RFC 9293, "Header Format".</summary>
[Flags]
internal enum TcpFlags : byte
{
    None = 0,
    Fin = 0x01,
    Syn = 0x02,
    Reset = 0x04,
    Push = 0x08,
    Ack = 0x10,
    Urgent = 0x20,
}
