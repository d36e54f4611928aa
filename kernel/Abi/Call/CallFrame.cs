using System.Runtime.InteropServices;

namespace Atoll.Abi;

/// <summary>Arguments and results of one system call, where registers do not do: stub <c>x64_system_call</c>.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct CallFrame
{
    /// <summary>Bytes of the structure.</summary>
    public const int SizeBytes = 72;

    /// <summary>RAX. Before: <see cref="SystemCall"/> and <see cref="SystemCallFlags"/>; after:
    /// <see cref="SystemResult"/>.</summary>
    [FieldOffset(0)] public ulong Number;

    /// <summary>RDI. Before: address of the capability; after: badge.</summary>
    [FieldOffset(8)] public ulong Address;

    /// <summary>RSI: <see cref="MessageHeader"/>.</summary>
    [FieldOffset(16)] public ulong Header;

    /// <summary>RDX.</summary>
    [FieldOffset(24)] public ulong Word0;

    /// <summary>R10.</summary>
    [FieldOffset(32)] public ulong Word1;

    /// <summary>R8.</summary>
    [FieldOffset(40)] public ulong Word2;

    /// <summary>R9.</summary>
    [FieldOffset(48)] public ulong Word3;

    /// <summary>R12: address of the reply capability. Not a result.</summary>
    [FieldOffset(56)] public ulong Reply;

    /// <summary>R13: TSC value at which it ends, with <see cref="SystemCallFlags.HasDeadline"/>. Not a result.</summary>
    [FieldOffset(64)] public ulong Deadline;
}

/// <summary>What the stub <c>x64_reply_receive</c> brings back besides the result.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct ReceivedMessage
{
    /// <summary>Bytes of the structure.</summary>
    public const int SizeBytes = 48;

    /// <summary>RDI: badge of the sender's capability.</summary>
    [FieldOffset(0)] public ulong Badge;

    /// <summary>RSI: <see cref="MessageHeader"/>.</summary>
    [FieldOffset(8)] public ulong Header;

    /// <summary>RDX.</summary>
    [FieldOffset(16)] public ulong Word0;

    /// <summary>R10.</summary>
    [FieldOffset(24)] public ulong Word1;

    /// <summary>R8.</summary>
    [FieldOffset(32)] public ulong Word2;

    /// <summary>R9.</summary>
    [FieldOffset(40)] public ulong Word3;
}

/// <summary>What the stub <c>x64_call</c> returns: the two registers that a function returns in.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CallAnswer
{
    /// <summary>RAX: <see cref="SystemResult"/>.</summary>
    public ulong Result;

    /// <summary>RDX: message word 0.</summary>
    public ulong Word0;
}
