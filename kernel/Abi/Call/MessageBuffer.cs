using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atoll.Abi;

/// <summary>A thread's message buffer: what does not fit into registers. 1024 bytes in a frame of the thread, aligned
/// to 1024. Untrusted: the program may write it at any time.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct MessageBuffer
{
    /// <summary>Bytes of the buffer, and its alignment.</summary>
    public const int SizeBytes = 1024;

    /// <summary>From here to the end it is the program's own: no system call reads or writes it.</summary>
    public const int OwnOffset = 1000;

    /// <summary>Message words; the first four are only used where a program likes them there.</summary>
    [FieldOffset(0)] public MessageWords Words;

    /// <summary>Sending: addresses of the capabilities to grant.</summary>
    [FieldOffset(960)] public CapabilityAddresses Capabilities;

    /// <summary>Receiving: address of the CNode that takes granted capabilities.</summary>
    [FieldOffset(984)] public ulong ReceiveNode;

    /// <summary>Receiving: index of the first slot for them.</summary>
    [FieldOffset(992)] public ulong ReceiveIndex;
}

/// <summary>The words of a message.</summary>
[InlineArray(MessageHeader.WordsMax)]
public struct MessageWords
{
    private ulong _word0;
}

/// <summary>Addresses of capabilities that a message grants.</summary>
[InlineArray(MessageHeader.CapabilitiesMax)]
public struct CapabilityAddresses
{
    private ulong _address0;
}
