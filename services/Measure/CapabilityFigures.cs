using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Measure;

/// <summary>Capabilities that come, move and go.</summary>
public static class CapabilityFigures
{
    private const uint Count = 64;

    /// <summary>Measures.</summary>
    public static void Measure(ref Setting setting)
    {
        uint source = setting.Make(CapabilityType.Endpoint);
        uint first = setting.Take(2 * Count);
        Sample copy = Sample.Start();
        Sample move = Sample.Start();
        Sample delete = Sample.Start();
        Sample mint = Sample.Start();
        for (uint index = first; index < first + Count; index++)
        {
            copy.Begin();
            SystemResult copied = Setting.Root.Copy(index, Setting.Root, source);
            copy.End();
            Report.Expect(copied);
            move.Begin();
            SystemResult moved = Setting.Root.Move(index + Count, Setting.Root, index);
            move.End();
            Report.Expect(moved);
        }

        for (uint index = first; index < first + Count; index++)
        {
            delete.Begin();
            SystemResult deleted = Setting.Root.Delete(index + Count);
            delete.End();
            Report.Expect(deleted);
            mint.Begin();
            SystemResult minted = Setting.Root.Mint(index, Setting.Root, source, CapabilityRights.Write, index);
            mint.End();
            Report.Expect(minted);
        }

        copy.Tell("cap.copy"u8);
        mint.Tell("cap.mint"u8);
        move.Tell("cap.move"u8);
        delete.Tell("cap.delete"u8);
        Revoke(source);
    }

    private static void Revoke(uint source)
    {
        Sample revoke = Sample.Start();
        revoke.Begin();
        SystemResult revoked = Setting.Root.Revoke(source);
        revoke.End();
        Report.Expect(revoked);
        revoke.Tell("cap.revoke.64"u8);
    }
}
