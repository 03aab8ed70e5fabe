namespace System.Net;

public abstract class EndPoint
{
    protected EndPoint() => throw null;
    public abstract SocketAddress Serialize();
    public abstract EndPoint Create(SocketAddress socketAddress);
}
