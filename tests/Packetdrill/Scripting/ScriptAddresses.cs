namespace Atoll.Packetdrill.Scripting;

/// <summary>Addresses and ports where a script says "...": packetdrill's own defaults, where it has any.</summary>
public static class ScriptAddresses
{
    public const uint Local = 0xC0A8_0001;
    public const uint Remote = 0xC000_0201;
    public const ushort LocalPort = 8080;
    public const ushort RemotePort = 40000;
}
