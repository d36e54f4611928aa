using System;
using Atoll.Services.Protocols;

namespace Atoll.Services.Http;

/// <summary>What states are called, by people and by who reads metrics.</summary>
internal static class ProgramStates
{
    internal static ReadOnlySpan<byte> NameOf(ProgramState state) => state switch
    {
        ProgramState.Elsewhere => "elsewhere"u8,
        ProgramState.Running => "running"u8,
        ProgramState.Ended => "ended"u8,
        ProgramState.Faulted => "faulted"u8,
        ProgramState.Stopped => "stopped"u8,
        ProgramState.Failed => "failed"u8,
        _ => "unknown"u8,
    };
}
