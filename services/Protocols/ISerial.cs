using System;
using Atoll.Services.Lib;

namespace Atoll.Services.Protocols;

/// <summary>A serial line: bytes out and in.</summary>
[Protocol("serial", version: 1)]
public interface ISerial
{
    /// <summary>Sends bytes: all or none.</summary>
    SerialResult Write(ReadOnlySpan<byte> bytes);

    /// <summary>Takes bytes that came in; waits for the first.</summary>
    /// <param name="bytes">Where to.</param>
    /// <param name="length">How many came.</param>
    [Deferred]
    SerialResult Read(Span<byte> bytes, out uint length);
}

/// <summary>What a serial line answers.</summary>
public enum SerialResult
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>What waits to be sent leaves no room. Ask again later.</summary>
    Full,

    /// <summary>Bytes were lost before these: they came faster than anybody took them.</summary>
    Overrun,

    /// <summary>Somebody else waits for bytes already.</summary>
    Taken,

    /// <summary>The device does not answer.</summary>
    Failed,
}
