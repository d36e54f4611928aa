using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Supervisor;

/// <summary>Hears from Init of each core which programs stopped there, over which nobody with a console watches.</summary>
/// <param name="start">What the supervisor finds. Without a need <c>stops</c> it hears nothing.</param>
[NonCopyable]
internal struct StopListener(in ProgramStart start)
{
    private ChannelSet _ends = ChannelSet.Of(in start, "stops"u8, Memory(in start));

    // Ends that could not be asked for anew.
    private uint _silent;

    /// <summary>After a signal: ends may have something.</summary>
    internal void Awake()
    {
        if (_ends.Count != 0)
        {
            _ends.Awake();
        }
    }

    /// <summary>Takes the next that is told.</summary>
    /// <param name="core">The core: the end's number, whatever the message says.</param>
    /// <param name="happened">What happened.</param>
    /// <returns>False: there is no more, and the supervisor may wait for signals until <see cref="Awake"/>.</returns>
    internal bool TryNext(out uint core, out WatchEvent happened)
    {
        core = 0;
        happened = default;
        while (_ends.Count != 0)
        {
            switch (_ends.Next(out core))
            {
                case ChannelSetEvent.Message:
                    if (_ends[core].TryReceive(out RingMessage message) == ChannelResult.Done && StopMessage.TryRead(in message, out happened))
                    {
                        return true;
                    }

                    break;
                case ChannelSetEvent.Ended:
                    // The core's next life asks for the same channel. Of one that lives and wrote what no end writes nothing is heard any more.
                    _silent += _ends.Reopen(core) == ChannelResult.Done ? 0u : 1;
                    break;
                case ChannelSetEvent.None when _ends.TryRest():
                    return false;
            }
        }

        return false;
    }

    private static MemoryRegion Memory(in ProgramStart start) => start.Region("stop-ends"u8);
}
