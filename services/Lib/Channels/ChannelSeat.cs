using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>What a program needs to use an end of a channel that it was given while it runs: where its rings are mapped, and what it signals.</summary>
/// <param name="space">Slot of the program's own address space: a need of kind <c>space</c>.</param>
/// <param name="notification">Address of the notification that the program waits for, with the right to receive.</param>
/// <param name="bell">Address of the same notification, badged, with the right to signal.</param>
/// <param name="place">Which two pages of the program's window (<see cref="ProgramInformation.WindowAddress"/>), from 0. Nothing else is mapped there.</param>
public readonly struct ChannelSeat(uint space, ulong notification, ulong bell, uint place)
{
    /// <summary>Places that the window has.</summary>
    public const uint Places = (uint)((ProgramInformation.WindowEnd - ProgramInformation.WindowAddress) / ProgramInformation.ManyChannelsStride);

    /// <summary>Where the pages of a place are.</summary>
    public static ulong PagesOf(uint place) => ProgramInformation.WindowAddress + (place * ProgramInformation.ManyChannelsStride);

    /// <summary>Sits an end down. Its signals come from now on; what has happened before is signalled at once.</summary>
    /// <param name="channel">Address of the end.</param>
    /// <param name="listed">Number by which it is listed at the notification (<see cref="ChannelNotification"/>); 0: it is not.</param>
    /// <param name="end">The end, which need not be open yet: <see cref="RingChannel.Open"/>.</param>
    /// <returns>ArgumentInvalid: there is no such place. Otherwise why the kernel did not.</returns>
    public SystemResult Take(ulong channel, uint listed, out RingChannel end)
    {
        end = default;
        if (place >= Places)
        {
            return SystemResult.ArgumentInvalid;
        }

        // The rings first: what is signalled can be used.
        ChannelControl control = new(channel);
        SystemResult result = control.Attach(space, PagesOf(place), out _);
        result = result == SystemResult.Ok ? control.SetNotification(bell, listed) : result;
        if (result == SystemResult.Ok)
        {
            end = RingChannel.At(channel, notification, PagesOf(place));
        }

        return result;
    }
}
