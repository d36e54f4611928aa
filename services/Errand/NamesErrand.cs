using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Errand;

/// <summary>Registers what it may, tries what it may not, and looks for who is not there.</summary>
/// <param name="voice">Says what happens.</param>
/// <param name="names">Knows servers by name.</param>
internal readonly struct NamesErrand(Voice voice, NamesClient names)
{
    /// <summary>Does it.</summary>
    internal void Run(ref SlotRow row, UntypedMemory own)
    {
        OwnSlot found = row.Take();
        Find("find 'nobody'"u8, "nobody"u8, ref found);
        Find("find 'late'"u8, "late"u8, ref found);
        OwnSlot endpoint = row.Take();
        if (endpoint.Make(own, CapabilityType.Endpoint) == SystemResult.Ok)
        {
            Register("register 'clock'"u8, "clock"u8, endpoint.Address);
            Register("register 'errand'"u8, "errand"u8, endpoint.Address);
            Register("register 'errand' again"u8, "errand"u8, endpoint.Address);
            Find("find 'errand'"u8, "errand"u8, ref found);
        }

        endpoint.Free();
        found.Free();
    }

    /// <summary>Registers an endpoint that is made of memory which it got: the server of names keeps a capability to it, whatever becomes of this program.</summary>
    internal void GiveOn(ref OwnSlot endpoint, UntypedMemory held)
    {
        if (endpoint.Make(held, CapabilityType.Endpoint) == SystemResult.Ok)
        {
            Register("register 'held'"u8, "held"u8, endpoint.Address);
        }
    }

    private void Register(ReadOnlySpan<byte> about, ReadOnlySpan<byte> name, ulong endpoint)
    {
        CallResult told = names.Register(name, new MessageEndpoint(endpoint), out NamesAnswer answer);
        voice.Say(about, told == CallResult.Ok ? AnswerNames.Of(answer) : "no answer"u8);
    }

    private void Find(ReadOnlySpan<byte> about, ReadOnlySpan<byte> name, ref OwnSlot slot)
    {
        CallResult told = names.Find(name, ref slot, out _, out NamesAnswer answer);
        voice.Say(about, told == CallResult.Ok ? AnswerNames.Of(answer) : "no answer"u8);
    }
}
