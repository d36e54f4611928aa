using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Coordinator;

/// <summary>A notification that the kernel signals when the state of an instance has changed, and that ends the program's waits.</summary>
public static class CoreWatch
{
    /// <summary>Slots that it needs: the notification and its badge.</summary>
    public const uint SlotsNeeded = 2;

    private const ulong Bit = 1;

    /// <summary>Makes it, binds it to the thread in place of Init's, and has the kernel signal it.</summary>
    /// <param name="start">What the program was given.</param>
    /// <param name="node">Its own CNode.</param>
    /// <param name="first">The first of its slots.</param>
    public static SystemResult Begin(in ProgramStart start, CNodeTable node, uint first)
    {
        ThreadControl thread = new(start.Find("thread"u8));
        SystemResult result = new UntypedMemory(start.Find("own"u8)).RetypeAll(CapabilityType.Notification, node, first);
        result = result == SystemResult.Ok ? node.Mint(first + 1, node, first, CapabilityRights.Write, Bit) : result;
        result = result == SystemResult.Ok ? thread.UnbindNotification() : result;
        result = result == SystemResult.Ok ? thread.BindNotification(first) : result;
        return result == SystemResult.Ok ? new InstanceFigures(start.Find("cores"u8)).Watch(first + 1) : result;
    }
}
