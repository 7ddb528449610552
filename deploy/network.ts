/**
 * The network: instances in private subnets that nobody can reach, the load balancer in public ones. What the
 * programs move most, S3 and DynamoDB, goes through gateways that cost nothing.
 */
import type { Site } from './stage.ts';

/** The site's programs listen here, behind the load balancer. */
export const SITE_PORT = 8080;

export interface Network {
  vpc: sst.aws.Vpc;
  balancerGroup: aws.ec2.SecurityGroup;
  webGroup: aws.ec2.SecurityGroup;
  workerGroup: aws.ec2.SecurityGroup;
}

export function makeNetwork(region: string): Network {
  const vpc = new sst.aws.Vpc('Network', { az: 2, nat: 'managed' });
  for (const service of ['s3', 'dynamodb']) {
    new aws.ec2.VpcEndpoint(`Gateway-${service}`, {
      vpcId: vpc.id,
      serviceName: `com.amazonaws.${region}.${service}`,
      vpcEndpointType: 'Gateway',
      routeTableIds: vpc.nodes.privateRouteTables.apply((tables) => $resolve(tables.map((table) => table.id))),
    });
  }
  const anywhere = { cidrBlocks: ['0.0.0.0/0'], ipv6CidrBlocks: ['::/0'] };
  const tcp = (port: number) => ({ protocol: 'tcp', fromPort: port, toPort: port });
  const group = (name: string, description: string, rules: Pick<aws.ec2.SecurityGroupArgs, 'ingress' | 'egress'>) =>
    new aws.ec2.SecurityGroup(name, { vpcId: vpc.id, description, ...rules });

  const balancerGroup = group('BalancerGroup', 'The world to the load balancer', {
    ingress: [
      { ...tcp(80), ...anywhere },
      { ...tcp(443), ...anywhere },
    ],
    egress: [{ ...tcp(SITE_PORT), cidrBlocks: [vpc.nodes.vpc.cidrBlock] }],
  });
  const webGroup = group('WebGroup', 'The load balancer to the site, the site to AWS', {
    ingress: [{ ...tcp(SITE_PORT), securityGroups: [balancerGroup.id] }],
    egress: [{ ...tcp(443), ...anywhere }],
  });
  const workerGroup = group('WorkerGroup', 'Nobody to the workers, the workers to AWS', {
    ingress: [],
    egress: [{ ...tcp(443), ...anywhere }],
  });
  return { vpc, balancerGroup, webGroup, workerGroup };
}

/** The load balancer with TLS, and where it sends requests. */
export function makeBalancer({ vpc, balancerGroup }: Network, { domain, tls }: Site) {
  const balancer = new aws.lb.LoadBalancer('Balancer', {
    loadBalancerType: 'application',
    subnets: vpc.publicSubnets,
    securityGroups: [balancerGroup.id],
    // Shorter than the 60 s the site keeps a connection open, so that the balancer is never answered by a closed one.
    idleTimeout: 55,
    dropInvalidHeaderFields: true,
    enableDeletionProtection: $app.removal !== 'remove',
  });
  const targets = new aws.lb.TargetGroup('WebTargets', {
    vpcId: vpc.id,
    port: SITE_PORT,
    protocol: 'HTTP',
    deregistrationDelay: 30,
    healthCheck: {
      path: '/health',
      matcher: '200',
      interval: 10,
      timeout: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 3,
    },
  });
  new aws.lb.Listener('Http', {
    loadBalancerArn: balancer.arn,
    port: 80,
    protocol: 'HTTP',
    defaultActions: [{ type: 'redirect', redirect: { port: '443', protocol: 'HTTPS', statusCode: 'HTTP_301' } }],
  });
  new aws.lb.Listener('Https', {
    loadBalancerArn: balancer.arn,
    port: 443,
    protocol: 'HTTPS',
    sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    certificateArn: 'certificateArn' in tls ? tls.certificateArn : makeCertificate(domain, tls.hostedZoneId),
    defaultActions: [{ type: 'forward', targetGroupArn: targets.arn }],
  });
  if ('hostedZoneId' in tls) {
    new aws.route53.Record('SiteAddress', {
      zoneId: tls.hostedZoneId,
      name: domain,
      type: 'A',
      aliases: [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: true }],
    });
  }
  return { balancer, targets };
}

/** A certificate that proves itself by a record in the domain's own zone, and renews itself. */
function makeCertificate(domain: string, zoneId: string) {
  const certificate = new aws.acm.Certificate('Certificate', { domainName: domain, validationMethod: 'DNS' });
  const proof = certificate.domainValidationOptions.apply((options) => {
    const option = options[0];
    if (!option) throw new Error(`ACM asks for no proof of ${domain}.`);
    return option;
  });
  const record = new aws.route53.Record('CertificateProof', {
    zoneId,
    name: proof.resourceRecordName,
    type: proof.resourceRecordType.apply((type) => type as aws.types.enums.route53.RecordType),
    records: [proof.resourceRecordValue],
    ttl: 300,
  });
  return new aws.acm.CertificateValidation('CertificateProven', {
    certificateArn: certificate.arn,
    validationRecordFqdns: [record.fqdn],
  }).certificateArn;
}
